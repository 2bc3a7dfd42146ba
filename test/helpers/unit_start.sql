-- the first day of the calendar unit that a day is in, by plain SQL
CREATE FUNCTION pg_temp.unit_start(grain text, day date) RETURNS date IMMUTABLE
RETURN CASE grain
  WHEN 'day' THEN day
  WHEN 'week' THEN day - (extract(isodow FROM day)::integer - 1)
  WHEN 'week-sunday' THEN day - extract(dow FROM day)::integer
  WHEN 'month' THEN day - (extract(day FROM day)::integer - 1)
  WHEN 'month-week' THEN day - (extract(day FROM day)::integer - 1) + 7 * least((extract(day FROM day)::integer - 1) / 7, 3)
  WHEN 'quarter' THEN make_date(extract(year FROM day)::integer, 3 * extract(quarter FROM day)::integer - 2, 1)
  WHEN 'year' THEN day - (extract(doy FROM day)::integer - 1)
END;
