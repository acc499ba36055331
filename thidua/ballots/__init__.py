"""Bỏ phiếu kín: electing by secret ballot, secret even from the administrator, checkable by anyone."""
