"""Captions may be SubRip too; the words of the form change, the table does not."""

from django.db import migrations

import cms.videos.fields.captions


class Migration(migrations.Migration):
    dependencies = [("videos", "0002_upload_sample")]

    operations = [
        migrations.AlterField(
            "caption",
            "text",
            cms.videos.fields.captions.CaptionField(
                help_text="Berkas WebVTT (.vtt) atau SubRip (.srt), paling besar 1 MB.",
                validators=[cms.videos.fields.captions.check_webvtt],
                verbose_name="berkas takarir",
            ),
        ),
    ]
