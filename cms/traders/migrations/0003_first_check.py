"""Stalls and products may wait for their first check; those that are there stay listed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("traders", "0002_card_of_a_spot"),
    ]

    operations = [
        migrations.AddField(
            model_name="product",
            name="waiting_since",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="stall",
            name="waiting_since",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
