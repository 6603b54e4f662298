from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("videos", "0006_worker_processes")]

    operations = [
        migrations.AddField(
            model_name="encodetask",
            name="short",
            # The database's own default: workers of an earlier version go on writing rows.
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
