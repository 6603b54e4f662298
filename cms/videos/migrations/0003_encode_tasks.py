import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("videos", "0002_direct_uploads"),
    ]

    operations = [
        migrations.CreateModel(
            name="EncodeTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("prepare", "Prepare"),
                            ("picture", "Picture"),
                            ("sound", "Sound"),
                            ("finish", "Finish"),
                        ],
                        max_length=10,
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField(default=0)),
                ("weight", models.FloatField(default=0)),
                ("needs", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "Held"),
                            ("waiting", "Waiting"),
                            ("working", "Working"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("dropped", "Dropped"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("lease_owner", models.CharField(blank=True, max_length=80)),
                ("beats", models.PositiveBigIntegerField(default=0)),
                ("heartbeat", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("setbacks", models.PositiveSmallIntegerField(default=0)),
                ("losses", models.PositiveSmallIntegerField(default=0)),
                ("alone", models.BooleanField(default=False)),
                ("not_before", models.DateTimeField()),
                ("started", models.DateTimeField(blank=True, null=True)),
                ("finished", models.DateTimeField(blank=True, null=True)),
                ("progress", models.FloatField(default=0)),
                ("error_code", models.CharField(blank=True, max_length=40)),
                ("error_detail", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.RemoveIndex(
            model_name="encode",
            name="videos_enco_state_ace63d_idx",
        ),
        migrations.AddField(
            model_name="encode",
            name="raised_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="encode",
            name="seconds",
            field=models.FloatField(default=0),
        ),
        migrations.AddField(
            model_name="encode",
            name="served_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="encode",
            name="standing",
            field=models.JSONField(default=list),
        ),
        migrations.AddIndex(
            model_name="encode",
            index=models.Index(fields=["state"], name="videos_enco_state_06c6d3_idx"),
        ),
        migrations.AddField(
            model_name="encodetask",
            name="encode",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tasks",
                to="videos.encode",
            ),
        ),
        migrations.AddIndex(
            model_name="encodetask",
            index=models.Index(fields=["state", "not_before"], name="videos_enco_state_7f9fd9_idx"),
        ),
        migrations.AddConstraint(
            model_name="encodetask",
            constraint=models.UniqueConstraint(
                fields=("encode", "name"), name="one_task_a_name_and_encode"
            ),
        ),
    ]
