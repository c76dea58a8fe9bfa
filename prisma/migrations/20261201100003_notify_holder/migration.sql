-- A carrier passes a text on to the person who holds a phone.
ALTER TYPE "carrier_question_kind" ADD VALUE IF NOT EXISTS 'notify_holder';
