from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("videos", "0005_leases_of_tasks")]

    operations = [
        migrations.CreateModel(
            name="WorkerProcess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("seen", models.DateTimeField()),
                ("fault", models.TextField(blank=True)),
            ],
        ),
    ]
