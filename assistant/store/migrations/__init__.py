"""The changes of the tables, in order. A released migration is never edited: add another."""
