-- Wraps `take_waiting_answers` under the name that the previous release calls.
CREATE OR REPLACE FUNCTION take_waiting_ratings(p_agency text, p_version integer, p_month date)
RETURNS TABLE (answers jsonb, with_code boolean, repeated boolean) LANGUAGE sql VOLATILE AS $$
  SELECT taken.answers, taken.with_code, taken.repeated FROM take_waiting_answers(p_agency, p_version, p_month) AS taken
$$;
