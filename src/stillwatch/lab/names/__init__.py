"""Composed names with known answers: two composers to fit the weights of name matching on, and one to report on.

No name is of anyone known: parts that many people share are put together by chance. The composers have no list of
names and no distortion in common.
"""
