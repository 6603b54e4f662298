"""The original that was replaced is kept until a publication of the new one is in use."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("videos", "0003_caption_words")]

    operations = [
        migrations.AddField(
            "media",
            "former",
            models.JSONField(
                blank=True,
                db_default=models.Value({}, models.JSONField()),
                default=dict,
            ),
        ),
    ]
