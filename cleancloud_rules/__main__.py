"""``python -m cleancloud_rules`` is the command line."""

from cleancloud_rules.cli import main

if __name__ == "__main__":
    main(prog_name="cleancloud-rules")
