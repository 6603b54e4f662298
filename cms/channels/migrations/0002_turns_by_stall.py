"""Turns of fair breaks know their stall, also when their segment is gone."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_stalls(apps, schema_editor):
    """Write the key of the stall to turns of segments that are still there."""
    turns = apps.get_model("channels", "RotationTurn").objects.using(schema_editor.connection.alias)
    segments = apps.get_model("traders", "FeaturedSegment").objects.all()
    keys = segments.filter(pk=OuterRef("segment_id")).values("product__stall__key")[:1]
    turns.exclude(segment=None).update(stall_key=Subquery(keys))


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial")]

    operations = [
        migrations.AddField("rotationturn", "stall_key", models.UUIDField(null=True)),
        migrations.RunPython(name_stalls, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            "rotationturn",
            models.Index(fields=["channel", "stall_key", "start"], name="turns_of_a_stall"),
        ),
    ]
