"""The addresses of the API, by what they are about."""

from cms.api.application import api
from cms.api.endpoints.channels import router as channels
from cms.api.endpoints.market import router as market
from cms.api.endpoints.programmes import router as programmes
from cms.api.endpoints.tree import router as tree

for router in (tree, channels, programmes, market):
    api.add_router("", router)
