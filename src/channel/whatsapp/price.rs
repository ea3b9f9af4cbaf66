//! What a message costs: Meta's rate cards, read from a folder, and what is free.
