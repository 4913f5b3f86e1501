"""``python -m chat``: the way in for whoever reads the code, too.

Follow the `Next:` lines from here and you walk with one line of chat: from the
command line into the loop, from bob's keyboard through the server, and out to
alice's screen.

Next: chat/cli.py
"""

from chat.cli import main

raise SystemExit(main())
