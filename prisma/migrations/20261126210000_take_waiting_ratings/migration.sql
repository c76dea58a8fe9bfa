-- The answers that waited become public. They are few, but the index that finds them keeps an entry for each that ever
-- waited until a vacuum: a bitmap scan visits every one of those at every ten, and a plain one only once, as it marks what
-- is dead. The planner does not know the difference.
CREATE FUNCTION take_waiting_ratings(p_agency text, p_version integer, p_month date)
RETURNS TABLE (answers jsonb, with_code boolean) LANGUAGE plpgsql VOLATILE
SET enable_bitmapscan = off SET enable_seqscan = off AS $$
BEGIN
  UPDATE survey_comments SET released = true, received_month = p_month
  WHERE agency_id = p_agency AND questionnaire_version = p_version AND NOT released AND exclusion_id IS NULL;
  RETURN QUERY
    UPDATE survey_responses AS r SET counted = true, received_month = p_month
    WHERE r.agency_id = p_agency AND r.questionnaire_version = p_version AND NOT r.counted
    RETURNING r.answers, r.with_code;
END $$;
