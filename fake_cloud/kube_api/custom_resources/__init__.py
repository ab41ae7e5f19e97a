"""CustomResourceDefinitions, and the objects of the kinds that they define.

What a definition may ask for and nobody does here: rules in CEL (`x-kubernetes-validations`) are
not evaluated, webhooks that convert are not called.
"""

from __future__ import annotations
