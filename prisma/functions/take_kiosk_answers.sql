-- Wraps `take_kiosk_weeks` under the name that the previous release calls.
CREATE OR REPLACE FUNCTION take_kiosk_answers(p_agency text, p_version integer, p_week date, p_month date)
RETURNS TABLE (answers jsonb, person boolean) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN QUERY SELECT taken.answers, taken.person FROM take_kiosk_weeks(p_agency, p_version, p_week, p_month, 30) AS taken;
END $$;
