"""Uploads to the bucket know their file again on another device."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("videos", "0001_initial")]

    operations = [
        migrations.AddField(
            "directupload", "sample", models.CharField(blank=True, db_default="", max_length=32)
        ),
    ]
