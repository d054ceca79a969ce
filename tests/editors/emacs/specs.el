;;; specs.el --- What Emacs shows of the shop  -*- lexical-binding: t -*-

(require 'harness)

(defconst rule "database/null-comparison")
(defconst file (expand-file-name "api/shop/reporting.py"))

(defconst marked "archived_at = NULL")

(defmacro with-file (&rest body)
  "Run BODY in the visited file, which is as it was afterwards."
  `(unwind-protect
       (progn (expert-open file) (expert-finding-at rule marked) ,@body)
     (with-current-buffer (find-file-noselect file)
       (set-buffer-modified-p nil)
       (revert-buffer t t t)
       (expert-changed))))

(ert-deftest findings-appear-go-and-come ()
  (with-file
   (should (eq (flymake-diagnostic-type (expert-finding-at rule marked)) 'eglot-error))
   (expert-go "= NULL")
   (delete-char 1)
   (insert "IS")
   (expert-changed)
   (expert-gone rule)
   (delete-char -2)
   (insert "=")
   (expert-changed)
   (expert-finding rule)))

(ert-deftest a-hover-over-a-query-says-what-it-does ()
  (with-file
   (expert-go "SELECT sku")
   (let (told)
     (eglot-hover-eldoc-function (lambda (words &rest _) (when words (setq told words))))
     (should (string-search "products" (expert-wait "the hover" told))))))

(ert-deftest a-quick-fix-mends-the-code ()
  (with-file
   (expert-fix (expert-finding rule))
   (should (string-search "WHERE archived_at IS NULL" (buffer-string)))
   (expert-changed)
   (expert-gone rule)))

(ert-deftest columns-after-letters-of-one-and-two-units ()
  (with-file
   ;; Written anew as a whole, since Emacs moves the old mark along with its text.
   (expert-go marked)
   (delete-region (line-beginning-position) (line-end-position))
   (insert "            WHERE name <> 'naïve 日本 𝔘' AND archived_at = NULL")
   (expert-changed)
   (expert-fix (expert-finding-at rule marked))
   (should (string-search "'naïve 日本 𝔘' AND archived_at IS NULL" (buffer-string)))))

(ert-deftest a-setting-counts-at-once ()
  (with-file
   (setq-default eglot-workspace-configuration `(:backendExpert (:ignore [,rule])))
   (unwind-protect
       (progn
         (eglot-signal-didChangeConfiguration (eglot-current-server))
         (expert-gone rule))
     (setq-default eglot-workspace-configuration nil)
     (eglot-signal-didChangeConfiguration (eglot-current-server)))
   (expert-finding rule)))

(ert-deftest a-killed-server-comes-back ()
  (with-file
   (let ((old (eglot-current-server)))
     (signal-process (jsonrpc--process old) 'SIGKILL)
     (expert-wait "another server"
                  (let ((new (eglot-current-server)))
                    (and new (not (eq new old)) eglot--managed-mode)))
     (expert-finding rule))))

(ert-deftest latency ()
  (with-file
   (expert-go "= NULL")
   (let (times)
     (dotimes (turn 40)
       (let ((start (float-time)))
         (delete-char 1)
         (insert (if (cl-evenp turn) "<" "="))
         (backward-char)
         (expert-changed)
         (if (cl-evenp turn) (expert-gone rule) (expert-finding rule))
         (push (* 1000 (- (float-time) start)) times)))
     (expert-figure "keystroke to diagnostic" times))))

;;; specs.el ends here
