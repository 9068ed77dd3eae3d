"""Practice: daily rounds, the wrong book, mock exams and what follows from the answers given."""
