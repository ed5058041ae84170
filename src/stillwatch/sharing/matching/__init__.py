"""Private matching: partners find accounts and templates they have in common without showing them.

A value becomes a token by an oblivious pseudorandom function (RFC 9497) whose key no member holds: a quorum evaluates it
on blinded values, proves each evaluation, and counts who asked how much. To guess what a token stands for one needs the
quorum, for each guess.
"""
