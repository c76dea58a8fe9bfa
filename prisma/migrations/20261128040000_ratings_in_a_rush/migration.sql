-- It answers more: the batch in which an address was counted, and by which counter (docs/adr/0054).
DROP FUNCTION admit_rating(jsonb);
