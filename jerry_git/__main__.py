"""`python -m jerry_git` is `jerry`."""

import sys

from jerry_git.cli.main import main

sys.exit(main())
