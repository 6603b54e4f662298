"""A rundown's record names the day files that hold its entries."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Records of rundowns that were written whole have none."""

    dependencies = [("channels", "0003_initial")]

    operations = [
        migrations.AddField(
            model_name="rundownrecord",
            name="days",
            field=models.JSONField(default=list),
        ),
    ]
