"""Whose address a request comes from, behind our own proxies."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from cms.core.visitors import address, network_of


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "6.6.6.6", "127.0.0.1"),
        (1, "6.6.6.6, 114.10.1.2", "114.10.1.2"),
        (2, "6.6.6.6, 114.10.1.2, 10.0.0.9", "114.10.1.2"),
        (1, "", "127.0.0.1"),
        (3, "114.10.1.2", "127.0.0.1"),
        (1, "unknown", "127.0.0.1"),
        (1, "6.6.6.6, 2001:db8::7", "2001:db8::7"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(
    proxies: int, forwarded: str, expected: str, settings: Settings
) -> None:
    settings.PROXIES = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert address(RequestFactory(headers=headers).get("/")) == expected


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("114.10.1.2", "114.10.1.2"),
        ("::ffff:114.10.1.2", "114.10.1.2"),
        ("2001:db8::7", "2001:db8::/64"),
        ("2001:db8::ffff:ffff:ffff:ffff", "2001:db8::/64"),
        ("2001:db8:0:1::7", "2001:db8:0:1::/64"),
        ("", ""),
    ],
)
def test_limits_count_an_ipv6_customer_by_its_64(address: str, network: str) -> None:
    assert network_of(address) == network
