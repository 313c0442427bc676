"""Knowledge, an operator and a room on air, put in by the services' own user; see units_inside."""

import asyncio
import sys
from pathlib import Path

from eval.drills.serve_process import ServeProcess

if __name__ == "__main__":
    asyncio.run(ServeProcess(Path(sys.argv[1]), "").prepare())
