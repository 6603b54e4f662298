"""The operator's guide gives rights, CORS and lifecycle that suffice; `check --deploy` says so."""

import json
import re
from pathlib import Path

import pytest
from moto.core.authorization import enable_iam_authentication

from cms.videos.uploads.direct import checks
from tests.s3_stand_in import client_of
from tests.videos.direct.bucket_client import objects, unfinished

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
GUIDE = (Path(__file__).parents[3] / "docs" / "operator.md").read_text()
POLICY = json.loads(re.search(r"```json\n(\{.*?\n\})\n```", GUIDE, re.DOTALL)[1])
RIGHTS = [action for statement in POLICY["Statement"] for action in statement["Action"]]


@pytest.fixture
def granted(s3, settings, s3_endpoint):
    """Return a function that gives the site keys with the guide's policy, but for some rights."""
    iam = client_of(s3_endpoint, "iam")
    iam.create_user(UserName="situs-contoh")
    keys = iam.create_access_key(UserName="situs-contoh")["AccessKey"]

    def grant(without: str = "") -> None:
        text = json.dumps(POLICY).replace("BUCKET", s3.bucket).replace(f'"{without}"', '"s3:None"')
        iam.put_user_policy(UserName="situs-contoh", PolicyName="siar", PolicyDocument=text)
        originals = settings.STORAGES["originals"]
        options = {
            **originals["OPTIONS"],
            "access_key": keys["AccessKeyId"],
            "secret_key": keys["SecretAccessKey"],
        }
        settings.STORAGES = {**settings.STORAGES, "originals": {**originals, "OPTIONS": options}}

    yield grant
    iam.delete_user_policy(UserName="situs-contoh", PolicyName="siar")
    iam.delete_access_key(UserName="situs-contoh", AccessKeyId=keys["AccessKeyId"])
    iam.delete_user(UserName="situs-contoh")


def test_the_rights_of_the_guide_suffice_and_the_check_leaves_nothing_behind(granted, s3):
    granted()
    with enable_iam_authentication():
        assert checks.check_bucket_grants_rights() == []
    assert objects(s3) == unfinished(s3) == []


@pytest.mark.parametrize("right", RIGHTS)
def test_the_check_names_each_right_that_is_missing_so_none_is_too_many(granted, s3, right):
    granted(without=right)
    with enable_iam_authentication():
        said = [message.msg for message in checks.check_bucket_grants_rights()]
    assert [text.split(":")[0:2] for text in said] == [
        ["The bucket of originals does not grant s3", right.removeprefix("s3:")]
    ]
    assert bool(unfinished(s3)) == (right == "s3:AbortMultipartUpload")


def test_the_lifecycle_rule_of_the_guide_is_one(s3):
    rule = json.loads(re.search(r"--lifecycle-configuration \\\n\s+'(\{.*?\})'", GUIDE, re.S)[1])
    s3.put_bucket_lifecycle_configuration(Bucket=s3.bucket, LifecycleConfiguration=rule)
    (kept,) = s3.get_bucket_lifecycle_configuration(Bucket=s3.bucket)["Rules"]
    assert kept["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] > 3


def test_the_cors_rules_of_the_guide_let_the_sites_pages_send(s3, settings):
    settings.ALLOWED_HOSTS = ["siar.contoh.test"]
    found = re.search(r"--cors-configuration \\\n\s+'(\{.*?\})'", GUIDE, re.DOTALL)[1]
    rules = json.loads(found.replace("HOST", "siar.contoh.test"))
    s3.put_bucket_cors(Bucket=s3.bucket, CORSConfiguration=rules)
    assert checks.check_bucket_takes_uploads() == []


def test_a_bucket_that_is_not_there_is_named(s3):
    s3.delete_bucket(Bucket=s3.bucket)
    assert {message.id for message in checks.check_bucket_grants_rights()} == {"siar.E021"}
