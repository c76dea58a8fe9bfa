-- Wraps `count_answer` under the name that the previous release calls.
CREATE OR REPLACE FUNCTION count_rating(p_agency text, p_version integer, p_person boolean, OUT due boolean, OUT batch integer)
LANGUAGE sql VOLATILE AS $$ SELECT * FROM count_answer(p_agency, p_version, p_person, 10) $$;
