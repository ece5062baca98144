"""Update rules where one can see them: two weights on a surface, their steps taken apart, and what a rate costs."""
