from django.db import migrations


class Migration(migrations.Migration):
    """What a title knew of its one worker stands with its tasks now."""

    dependencies = [("videos", "0004_open_encodes")]

    operations = [
        migrations.RemoveField(
            model_name="encode",
            name="attempts",
        ),
        migrations.RemoveField(
            model_name="encode",
            name="cancel_requested",
        ),
        migrations.RemoveField(
            model_name="encode",
            name="heartbeat",
        ),
        migrations.RemoveField(
            model_name="encode",
            name="lease_owner",
        ),
        migrations.RemoveField(
            model_name="encode",
            name="lease_until",
        ),
        migrations.RemoveField(
            model_name="encode",
            name="not_before",
        ),
    ]
