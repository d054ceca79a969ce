"""The expert: who they are, what they can be asked, what they are shown, and the proof of edits."""
