"""Requests for a correction: from the remark to what people take to the NSSO, and to its outcome."""
