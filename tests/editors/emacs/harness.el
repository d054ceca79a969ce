;;; harness.el --- What the tests need: a file with the server behind it, waiting, looking  -*- lexical-binding: t -*-

(require 'ert)
(require 'cl-lib)
(require 'eglot)
(require 'python)
(require 'json)

;; Without this Emacs gives up on a server that dies within three seconds.
(setq eglot-autoreconnect t)

;; The set-up that clients/README.md shows.
(add-to-list 'eglot-server-programs
             `((python-mode js-mode sql-mode) . (,(getenv "BACKEND_EXPERT") "serve")))

(defconst expert-patience 30 "Seconds.")

(defmacro expert-wait (what form)
  "Wait until FORM is true and return its value; WHAT is what never came."
  `(let ((end (+ (float-time) expert-patience)) found)
     (while (not (or (setq found ,form) (> (float-time) end)))
       (accept-process-output nil 0.005))
     (unless found (error "This never came: %s" ,what))
     found))

(defun expert-open (path)
  "Visit PATH, a file of the shop, and connect it to the server."
  (set-buffer (find-file-noselect path))
  (switch-to-buffer (current-buffer))
  (unless (eglot-current-server)
    (let ((eglot-sync-connect expert-patience))
      (apply #'eglot--connect (eglot--guess-contact))))
  (expert-wait "the server" (and (eglot-current-server) eglot--managed-mode)))

(defun expert-found (rule)
  "The diagnostics of RULE in this buffer, as flymake has them."
  (cl-remove-if-not
   (lambda (diagnostic) (string-search rule (flymake-diagnostic-text diagnostic)))
   (flymake-diagnostics)))

(defun expert-finding (rule)
  "The first diagnostic of RULE, once it is there."
  (car (expert-wait (concat "a finding of " rule) (expert-found rule))))

(defun expert-finding-at (rule text)
  "The diagnostic of RULE that is about TEXT, once it is there."
  (expert-wait (format "a finding of %s at %s" rule text)
               (cl-find text (expert-found rule) :key #'expert-marked :test #'equal)))

(defun expert-gone (rule)
  "Wait until RULE finds nothing in this buffer."
  (expert-wait (concat rule " to go") (null (expert-found rule))))

(defun expert-marked (diagnostic)
  "The text that DIAGNOSTIC is about."
  (buffer-substring-no-properties (flymake-diagnostic-beg diagnostic)
                                  (flymake-diagnostic-end diagnostic)))

(defun expert-go (text)
  "Put point at the first place of TEXT."
  (goto-char (point-min))
  (search-forward text)
  (goto-char (match-beginning 0)))

(defun expert-changed ()
  "Send what was changed in this buffer, as Emacs does when it is idle."
  (eglot--signal-textDocument/didChange))

(defun expert-fix (diagnostic)
  "Choose the quick fix of DIAGNOSTIC."
  (let ((actions (eglot-code-actions (flymake-diagnostic-beg diagnostic)
                                     (flymake-diagnostic-end diagnostic)
                                     "quickfix"))
        (before (buffer-string)))
    (eglot--read-execute-code-action (list (car actions)) (eglot-current-server) "quickfix")
    (expert-wait "the edit" (not (equal (buffer-string) before)))))

(defun expert-figure (name times)
  "Keep TIMES in milliseconds for the report."
  (princ (format "\nFIGURE %s\n" (json-encode `((name . ,name) (times . ,(vconcat times)))))))

(provide 'harness)
;;; harness.el ends here
