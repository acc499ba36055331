"""Công văn: an official letter in the layout of Nghị định 30/2020/NĐ-CP, as PDF and as DOCX."""

from thidua.documents.letters.content import LetterDocument
from thidua.documents.letters.pdf import letter_pdf
from thidua.documents.letters.word import letter_docx

__all__ = ["LetterDocument", "letter_docx", "letter_pdf"]
