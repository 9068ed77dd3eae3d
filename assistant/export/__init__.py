"""Duty lists as files to print and pass on: Word, Excel, one page, cards."""
