-- Is a number the reporter's own? Asked before banks are told of it.
ALTER TYPE "carrier_question_kind" ADD VALUE 'subscriber_of_number';
