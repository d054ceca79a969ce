"""The gate: the only way out. What is sent to a model has been cleared here, and nothing else."""

from backend_expert.persona.gate.cleared import Cleared, Destination, Refused
from backend_expert.persona.gate.consent import Answer
from backend_expert.persona.gate.door import Gate
from backend_expert.persona.gate.placeholders import Placeholders
from backend_expert.persona.gate.restorer import Restorer

__all__ = ["Answer", "Cleared", "Destination", "Gate", "Placeholders", "Refused", "Restorer"]
