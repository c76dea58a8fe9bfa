-- Wraps `record_answer` under the name that the previous release calls.
CREATE OR REPLACE FUNCTION record_rating(p jsonb, p_tenth boolean, OUT outcome text, OUT receipt text)
LANGUAGE sql VOLATILE AS $$ SELECT * FROM record_answer(p, p_tenth, 10) $$;
