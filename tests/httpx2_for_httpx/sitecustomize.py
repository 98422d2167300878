"""On PYTHONPATH, makes every `import httpx` of a process mean httpx2."""

import httpx2

httpx2.alias_httpx()
