"""``python -m cogo_search``."""

import sys

from .cli import main

sys.exit(main())
