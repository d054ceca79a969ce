"""`python -m backend_expert.cli`: the same as the command `backend-expert`."""

from backend_expert.cli.main import main

if __name__ == "__main__":
    main()
