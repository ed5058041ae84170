"""Composed names with known answers: one composer to fit the weights of name matching on, another to report on.

No name is of anyone known: parts that many people share are put together by chance. The two composers have no
name, table or distortion in common.
"""
