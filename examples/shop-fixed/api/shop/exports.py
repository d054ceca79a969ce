"""Reports as files."""

import csv
import subprocess
from datetime import date
from pathlib import Path
from typing import Literal

from shop.reporting import sales_of_month
from shop.settings import get_settings

Compression = Literal["fast", "best"]


def write_sales(month: date) -> Path:
    """Write a month's sales as CSV and return where they are."""
    target = get_settings().export_dir / f"sales-{month:%Y-%m}.csv"
    with open(target, "w", newline="") as handle:
        writer = csv.DictWriter(handle, ["day", "orders", "revenue"])
        writer.writeheader()
        writer.writerows(sales_of_month(month))
    return target


def compress(path: Path, compression: Compression) -> Path:
    """Pack a file and return the name it has then."""
    subprocess.run(["gzip", f"--{compression}", "--force", str(path)], check=True, timeout=60)
    return path.with_name(f"{path.name}.gz")
