//! Azure: its formats, its resources, its meaning.
