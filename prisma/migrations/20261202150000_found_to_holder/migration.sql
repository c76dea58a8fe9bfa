-- A found phone that was given to the person who held it, whose objection was found right.
ALTER TYPE "found_state" ADD VALUE 'to_holder';
