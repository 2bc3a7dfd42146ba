-- The model retail over UCI Online Retail: one table of invoice lines, online_retail.invoice_line, with the columns of the file:
-- line_no, InvoiceNo, StockCode, Description, Quantity, InvoiceDate (timestamp), UnitPrice, CustomerID, Country.
-- What each statement decides is on the page doc/companies.md.

CREATE INDEX ON online_retail.invoice_line (CustomerID, (InvoiceDate::date));
CREATE INDEX ON online_retail.invoice_line ((InvoiceDate::date));

CREATE MATERIALIZED VIEW online_retail.customer AS
SELECT DISTINCT ON (CustomerID) CustomerID, Country
FROM online_retail.invoice_line WHERE CustomerID IS NOT NULL
ORDER BY CustomerID, InvoiceDate DESC, line_no DESC;
CREATE UNIQUE INDEX ON online_retail.customer (CustomerID);

CREATE MATERIALIZED VIEW online_retail.product AS
SELECT StockCode, coalesce(max(Description) FILTER (WHERE CustomerID IS NOT NULL), StockCode) AS Description,
       CASE WHEN StockCode ~ '[0-9]{4}' THEN 'goods' ELSE 'charges' END AS Category
FROM online_retail.invoice_line GROUP BY StockCode;
CREATE UNIQUE INDEX ON online_retail.product (StockCode);

SELECT kam_create_model('retail', 'integer', product_key => 'text');

SELECT kam_bind('retail', 'sale', $$
  SELECT CustomerID AS customer_id, CustomerID AS outlet_id, StockCode AS product_id, InvoiceDate::date AS sold_on,
         Quantity * UnitPrice AS amount, Quantity AS quantity, InvoiceNo AS document_no
  FROM online_retail.invoice_line $$);
SELECT kam_bind('retail', 'customer', 'SELECT CustomerID AS customer_id, CustomerID::text AS name, Country AS territory FROM online_retail.customer');
SELECT kam_bind('retail', 'product', 'SELECT StockCode AS product_id, Description AS name, Category AS category FROM online_retail.product');
