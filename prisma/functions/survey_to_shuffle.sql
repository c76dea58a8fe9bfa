-- Returns how many rows of a table `survey_shuffle` would write again.
CREATE OR REPLACE FUNCTION survey_to_shuffle(p_table text, p_from date) RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_count integer;
BEGIN
  EXECUTE format('SELECT count(*) FROM %I WHERE %s', p_table, (survey_shuffled(p_table)).rows_of)
    INTO v_count USING p_from;
  IF p_table = 'survey_responses' THEN
    v_count := v_count + (SELECT count(*) FROM survey_responses WHERE received_month < p_from AND NOT counted);
  END IF;
  RETURN v_count;
END $$;
