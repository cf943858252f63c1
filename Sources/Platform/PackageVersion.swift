/// The version that README's package dependency names.
package let packageVersion = "0.1.0"
