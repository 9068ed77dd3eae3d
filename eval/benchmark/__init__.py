"""The project's questions as a public data set: see README.md in this folder."""
