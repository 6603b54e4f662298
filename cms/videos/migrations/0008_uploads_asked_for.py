from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("videos", "0007_short_tasks")]

    operations = [
        migrations.AddField(
            model_name="directupload",
            name="asked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
