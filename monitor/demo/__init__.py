"""A story of five orders that the real pipeline lives through: what `orderwatch demo` shows.

`story` is what happens in the world, `world` writes it into files as shops, carriers and the buyer
would, `journey` travels with the real passes from one thing to the next, `terminal` shows it. Nothing
in here knows what will be said: messages come from the rules.
"""
